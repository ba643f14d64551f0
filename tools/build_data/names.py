"""Names and codes by which people call economies, beside the codes of the tables."""

from __future__ import annotations

import pandas as pd

from tools.build_data.countries import build_countries
from tools.build_data.raw import Raw, economies

__all__ = ["build_names"]

# Names in common use, former names, and short forms; recalled.
_COMMON = {
    "America": "USA", "U.S.": "USA", "U.S.A.": "USA", "United States of America": "USA",
    "UK": "GBR", "U.K.": "GBR", "Britain": "GBR", "Great Britain": "GBR",
    "PRC": "CHN", "People's Republic of China": "CHN", "Mainland China": "CHN",
    "ROC": "TWN", "Chinese Taipei": "TWN", "Taiwan, Province of China": "TWN", "Republic of China": "TWN",
    "Hong Kong SAR": "HKG", "Hong Kong SAR, China": "HKG", "Hong Kong, China": "HKG",
    "Republic of Korea": "KOR", "Korea, Republic of": "KOR", "Korea, Rep.": "KOR", "ROK": "KOR",
    "Russian Federation": "RUS", "Viet Nam": "VNM", "Socialist Republic of Vietnam": "VNM",
    "Iran, Islamic Republic of": "IRN", "Iran (Islamic Republic of)": "IRN", "Iran, Islamic Rep.": "IRN",
    "Turkey": "TUR", "Czech Republic": "CZE", "Slovak Republic": "SVK", "Holland": "NLD",
    "Netherlands, Kingdom of the": "NLD", "UAE": "ARE", "Emirates": "ARE", "KSA": "SAU",
    "Ivory Coast": "CIV", "Cape Verde": "CPV", "Swaziland": "SWZ", "Burma": "MMR", "Macedonia": "MKD",
    "FYROM": "MKD", "East Timor": "TLS", "Zaire": "COD", "Congo, Dem. Rep.": "COD",
    "Congo, Democratic Republic of the": "COD", "Democratic Republic of the Congo": "COD",
    "DR Congo": "COD", "Congo-Kinshasa": "COD", "Congo, Rep.": "COG", "Republic of the Congo": "COG",
    "Congo-Brazzaville": "COG", "Lao PDR": "LAO", "Lao People's Democratic Republic": "LAO",
    "Syrian Arab Republic": "SYR", "Republic of Moldova": "MDA", "Moldova, Republic of": "MDA",
    "Tanzania, United Republic of": "TZA", "United Republic of Tanzania": "TZA",
    "Bolivia (Plurinational State of)": "BOL", "Bolivia, Plurinational State of": "BOL",
    "Venezuela (Bolivarian Republic of)": "VEN", "Venezuela, RB": "VEN",
    "Venezuela, Bolivarian Republic of": "VEN", "Micronesia, Fed. Sts.": "FSM",
    "Micronesia (Federated States of)": "FSM", "Micronesia, Federated States of": "FSM",
    "Egypt, Arab Rep.": "EGY", "Gambia": "GMB", "The Gambia": "GMB", "Gambia, The": "GMB",
    "Bahamas": "BHS", "The Bahamas": "BHS", "Bahamas, The": "BHS", "Kyrgyz Republic": "KGZ",
    "Yemen, Rep.": "YEM", "Brunei Darussalam": "BRN", "State of Palestine": "PSE",
    "Palestine, State of": "PSE", "Palestinian Territories": "PSE", "West Bank and Gaza": "PSE",
    "Bosnia": "BIH", "Trinidad": "TTO", "Antigua": "ATG", "St. Lucia": "LCA", "St Lucia": "LCA",
    "St. Kitts and Nevis": "KNA", "St. Vincent and the Grenadines": "VCT", "Sao Tome": "STP",
    "Vatican": "", "CAR": "CAF", "EL": "GRC", "Kosovo*": "XKX", "Persia": "IRN",
    "Ceylon": "LKA", "Siam": "THA", "Upper Volta": "BFA", "Dahomey": "BEN", "Rhodesia": "ZWE",
}  # fmt: skip

# Three-letter codes of others than ISO 3166-1: International Olympic Committee, FIFA, World Bank, car
# plates, withdrawn ISO codes; recalled. They are explained, not read: another list may mean another economy.
_OTHER_CODES = {
    "ALG": "DZA", "ANG": "AGO", "ANT": "ATG", "BAH": "BHS", "BAN": "BGD", "BAR": "BRB", "BHU": "BTN",
    "BIZ": "BLZ", "BOT": "BWA", "BRU": "BRN", "BUL": "BGR", "BUR": "BFA", "CAM": "KHM", "CGO": "COG",
    "CHA": "TCD", "CHI": "CHL", "CRC": "CRI", "CRO": "HRV", "CTA": "CAF", "DEN": "DNK", "DRC": "COD",
    "ENG": "GBR", "EQG": "GNQ", "ESA": "SLV", "FIJ": "FJI", "GAM": "GMB", "GBS": "GNB", "GEQ": "GNQ",
    "GER": "DEU", "GRE": "GRC", "GRN": "GRD", "GUA": "GTM", "GUI": "GIN", "HAI": "HTI", "HON": "HND",
    "INA": "IDN", "IRI": "IRN", "ISV": "", "KOS": "XKX", "KSA": "SAU", "KSV": "XKX", "KUW": "KWT",
    "LAT": "LVA", "LBA": "LBY", "LES": "LSO", "LIB": "LBN", "MAD": "MDG", "MAS": "MYS", "MAW": "MWI",
    "MGL": "MNG", "MON": "MCO", "MRI": "MUS", "MTN": "MRT", "MYA": "MMR", "NCA": "NIC", "NED": "NLD",
    "NEP": "NPL", "NGR": "NGA", "NIG": "NER", "NIR": "GBR", "OMA": "OMN", "PAR": "PRY", "PHI": "PHL",
    "POR": "PRT", "ROM": "ROU", "ROC": "TWN", "RSA": "ZAF", "SAM": "WSM", "SEY": "SYC",
    "SIN": "SGP", "SKN": "KNA", "SLO": "SVN", "SOL": "SLB", "SRI": "LKA", "SUD": "SDN", "SUI": "CHE",
    "TAN": "TZA", "TCH": "CZE", "TMP": "TLS", "TOG": "TGO", "TPE": "TWN", "TRI": "TTO", "UAE": "ARE",
    "UNK": "XKX", "URU": "URY", "VAN": "VUT", "VIE": "VNM", "VIN": "VCT", "WAL": "GBR", "WBG": "PSE",
    "XKK": "XKX", "XKV": "XKX", "RKS": "XKX", "ZAM": "ZMB", "ZAR": "COD", "ZIM": "ZWE",
}  # fmt: skip

# What looks like an economy and is none of the model's: what to write instead, if anything.
_NO_ECONOMY = {
    "UN": "the United Nations; 'all' means every economy",
    "WLD": "the world; write 'all'", "World": "the world; write 'all'", "world": "the world; write 'all'",
    "EUU": "the European Union; write 'EU'", "EUN": "the European Union; write 'EU'",
    "European Union": "the European Union; write 'EU'", "EMU": "the euro area, which the tables do not have",
    "OED": "the OECD, which the tables do not have as a group of codes",
    "Korea": "either of two; write 'KOR' for South Korea (North Korea is not in the model)",
    "PRK": "North Korea, which publishes no GDP and is not in the model",
    "North Korea": "North Korea, which publishes no GDP and is not in the model",
    "ESH": "Western Sahara, which is not in the model", "SUN": "the Soviet Union; write 'RUS' for Russia",
    "USSR": "the Soviet Union; write 'RUS' for Russia", "YUG": "Yugoslavia, dissolved in 1992",
    "SCG": "Serbia and Montenegro; write 'SRB' or 'MNE'", "CSK": "Czechoslovakia; write 'CZE' or 'SVK'",
    "DDR": "East Germany; write 'DEU'", "Virgin Islands": "a territory, which is not in the model",
    "England": "a part of the United Kingdom; write 'GBR'",
    "Scotland": "a part of the United Kingdom; write 'GBR'",
    "Wales": "a part of the United Kingdom; write 'GBR'",
    "Northern Ireland": "a part of the United Kingdom; write 'GBR'",
    "Macau": "Macao, which is not in the model", "Macao": "Macao, which is not in the model",
    "Africa": "a continent; write the region's name in countries.csv, if it has one",
}  # fmt: skip


def build_names(raw: Raw) -> pd.DataFrame:
    """A row for each name or code: what it is, and the economy's code or why there is none."""
    world = economies(raw)
    table = raw.read("countries/countries.csv").set_index("iso3")
    short = build_countries(raw).set_index("country")["name"]
    rows: list[tuple[str, str, str, str, str]] = []
    for code in world:
        if isinstance(table.at[code, "iso2"], str):
            rows.append((table.at[code, "iso2"], code, "iso2", "", "ISO 3166-1 alpha-2"))
        called = dict.fromkeys((short[code], table.at[code, "name"], table.at[code, "official_name"]))
        rows += [(name, code, "name", "", "UN M49") for name in called if isinstance(name, str)]
    rows += [(name, code, "name", "", "recalled") for name, code in _COMMON.items() if code in world]
    rows += [
        (name, code, "other code", "", "recalled")
        for name, code in _OTHER_CODES.items()
        if code in world and name not in world
    ]
    for code in table.index.difference(world):
        name = str(table.at[code, "name"])
        if code not in _NO_ECONOMY:
            rows.append((code, "", "none", f"{name}, which is not in the model", "UN M49"))
        if name not in _NO_ECONOMY:
            rows.append((name, "", "none", f"{name}, which is not in the model", "UN M49"))
    rows += [(name, "", "none", meaning, "recalled") for name, meaning in _NO_ECONOMY.items()]
    found = pd.DataFrame(rows, columns=["name", "country", "kind", "meaning", "source"])
    return found.drop_duplicates("name").sort_values(["kind", "country", "name"], kind="stable")
