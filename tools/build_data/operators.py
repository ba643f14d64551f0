"""Operators: the firms behind the names in the evidence, and the groups to which they belong.

Manually maintained, as of the end of 2019; a firm founded later is described as of its start. The rules:

- A *group* controls operators in several economies: more than half of the firm, or less with control, by its
  accounts or the press. Joint ventures of two groups belong to the one whose brand they bear. Brand partners
  (Vodafone Qatar, Vodafone Oman) and holders without control are not members: ``owner`` names them.
- A *champion* is the successor of the national monopoly or the state's own operator, controlled from home: at
  most one per economy, the best known. Former monopolies in foreign hands (Orange Polska, eir) do not count.
- *Joint* names denote several firms: one row for each. *Pools* denote no single operator.
"""

from __future__ import annotations

import pandas as pd

from tools.build_data.operator_firms import FIRMS

__all__ = ["build_operators"]

# group | home economy | name
_GROUPS = """
africell | GBR | Africell
airtel | IND | Bharti Airtel
altice | NLD | Altice
america-movil | MEX | America Movil
att | USA | AT&T
axian | MDG | Axian
axiata | MYS | Axiata
batelco | BHR | Batelco
china-mobile | CHN | China Mobile
deutsche-telekom | DEU | Deutsche Telekom
digicel | JAM | Digicel
e-and | ARE | Etisalat
econet | ZWE | Econet
elisa | FIN | Elisa
entel-chile | CHL | Entel Chile
globacom | NGA | Globacom
hutchison | HKG | CK Hutchison
iliad | FRA | Iliad
liberty-global | GBR | Liberty Global
megafon | RUS | MegaFon
millicom | LUX | Millicom
mtn | ZAF | MTN
mts | RUS | MTS
neqsol | AZE | NEQSOL
njj | FRA | NJJ (Xavier Niel)
novator | GBR | Novator
ooredoo | QAT | Ooredoo
orange | FRA | Orange
ppf | CZE | PPF
proximus | BEL | Proximus
singtel | SGP | Singtel
softbank | JPN | SoftBank
stc | SAU | STC
swisscom | CHE | Swisscom
tele2 | SWE | Tele2
telecom-argentina | ARG | Telecom Argentina
telecom-italia | ITA | Telecom Italia
telefonica | ESP | Telefonica
telekom-slovenije | SVN | Telekom Slovenije
telekom-srbija | SRB | Telekom Srbija
telenor | NOR | Telenor
telia | SWE | Telia
turkcell | TUR | Turkcell
veon | NLD | VEON
viettel | VNM | Viettel
vodafone | GBR | Vodafone
zain | KWT | Zain
"""

# economy | name in the evidence | the firms that it denotes
_JOINT = """
CAN | Bell & Telus | Bell; Telus
CHN | China Mobile & CBN (700 MHz) | China Mobile; China Broadcasting Network
CHN | China Telecom & China Unicom | China Telecom; China Unicom
COL | Tigo / Movistar Colombia | Tigo Colombia; Movistar Colombia
DNK | TT-Netvaerket (Telia/Telenor) | Telia Denmark; Telenor Denmark
DOM | Claro/Altice Dominicana | Claro Dominicana; Altice Dominicana
FRA | SFR & Bouygues Telecom | SFR; Bouygues Telecom
GBR | VodafoneThree | Vodafone UK; Three UK
LUX | Proximus & Orange Luxembourg | Proximus Luxembourg; Orange Luxembourg
SGP | Antina (StarHub/M1) | StarHub; M1
SWE | Net4Mobility (Tele2/Telenor) | Tele2 Sweden; Telenor Sweden
UKR | Kyivstar/Vodafone/lifecell (metro) | Kyivstar; Vodafone Ukraine; lifecell
"""

# economy | names that denote a market, unnamed operators, or buyers that are not operators
_POOLS = """
AUS | Telstra-certified modules
BRA | POS and telematics; all operators; market
CAN | home market; operator-certified modules
CHE | home market
CHN | all operators; market
DEU | home market; market; operator-certified modules
FRA | market; operator-certified modules
GBR | market
IND | Syrma SGS local manufacture; market
ISR | market
ITA | home R&D market; market
JOR | operators (unspecified)
JPN | automotive; home market; operator-certified modules
KOR | home/automotive; market; operator-certified modules
MEX | all operators; market
NLD | market
ROU | operators (unspecified)
RUS | market
SWE | market
TUR | market
TWN | PC and router makers
USA | connected devices; market; operator-certified modules
USA | rural carriers; rural carriers (e.g. Viaero, Union)
VNM | national operators; state-run operator (consortium); state-run operators
ZAF | market
"""

_COLUMNS = [
    "country", "operator", "kind", "firm", "group", "group_home", "owner", "champion", "confidence",
]  # fmt: skip


def build_operators() -> pd.DataFrame:
    """One row for each firm behind each name of the evidence; pools have a row without a firm."""
    groups = {slug: (home, name) for slug, home, name in _rows(_GROUPS)}
    firms = {}
    built = []
    for country, firm, names, group, owner, champion, confidence in _rows(FIRMS):
        home, group_name = groups[group] if group else ("", "")
        attributes = (firm, group, home, owner or group_name, champion, confidence)
        firms[country, firm] = attributes
        built += [(country, firm if n == "=" else n, "firm", *attributes) for n in _split(names)]
    for country, name, members in _rows(_JOINT):
        built += [(country, name, "joint", *firms[country, firm]) for firm in _split(members)]
    for country, names in _rows(_POOLS):
        built += [(country, name, "pool", "", "", "", "", "", "medium") for name in _split(names)]
    table = pd.DataFrame(built, columns=_COLUMNS).sort_values(["country", "operator", "firm"])
    return table.assign(source_type="general_knowledge", source="general knowledge")


def _rows(text: str) -> list[list[str]]:
    return [[cell.strip() for cell in line.split("|")] for line in text.strip().splitlines()]


def _split(cell: str) -> list[str]:
    return [name.strip() for name in cell.split(";") if name.strip()]
