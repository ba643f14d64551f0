"""The small piece in Shiny: a select, and a card, a map of 196 shapes and a table that follow it."""

import sys

import piece
import uvicorn
from shiny import App, render, ui

page = ui.page_html(
    piece.PAGE.replace("<!--head-->", '<meta name="shiny-dependency-placeholder" content="">').replace(
        "<!--body-->",
        '<label>which <select id="which"><option>0</option><option>1</option></select></label>'
        '<div id="answer" class="shiny-html-output"></div>',
    )
)


def server(input, output, session):
    @render.ui
    def answer():
        return ui.HTML(piece.answer(int(input.which())))


uvicorn.run(App(page, server), port=int(sys.argv[1]), log_level="warning")
