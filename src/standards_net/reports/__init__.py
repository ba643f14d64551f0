"""Reports on scenarios: one page with summary, contents and captions, and its tables and pictures."""

from standards_net.reports.document import Document
from standards_net.reports.page import document_files, document_page
from standards_net.reports.scenario_report import scenario_report
from standards_net.reports.write import write_report

__all__ = ["Document", "document_files", "document_page", "scenario_report", "write_report"]
