"""The manually maintained table of operators; ``operators.py`` states the rules of its columns.

A line: economy | firm | its names in the evidence | group | owner | champion | confidence. ``=`` among
the names is the firm's own; no name: the firm is in the evidence only together with others. No owner:
the group.
"""

from __future__ import annotations

__all__ = ["FIRMS"]

FIRMS = """
AFG | Etisalat Afghanistan | = | e-and | | 0 | high
AFG | MTN Afghanistan | = | mtn | | 0 | high
AGO | Africell Angola | = | africell | | 0 | medium
AGO | Movicel | = | | private and state holders | 0 | low
AGO | Unitel | = | | Sonangol and private holders | 0 | medium
ARE | Etisalat | = | e-and | state 60 % | 1 | high
ARE | du | = | | state holders | 0 | high
ARG | Claro Argentina | = | america-movil | | 0 | high
ARG | Telecom Argentina | Telecom Argentina (Personal) | telecom-argentina | Clarin and Fintech | 1 | medium
AUS | Optus | = | singtel | | 0 | high
AUS | TPG Telecom | TPG Telecom (greenfield) | | listed | 0 | high
AUS | Telstra | = | | listed | 1 | high
AUS | Vodafone Hutchison Australia | Vodafone Hutchison Australia (TPG); TPG Telecom (Vodafone) | vodafone | Vodafone and Hutchison, half each | 0 | high
AUT | A1 Telekom Austria | = | america-movil | America Movil 51 %, state 28 % | 0 | high
AUT | Hutchison Drei Austria | = | hutchison | | 0 | high
AUT | Magenta Telekom | Magenta (T-Mobile Austria) | deutsche-telekom | | 0 | high
AZE | Azercell | = | | state | 1 | medium
AZE | Bakcell | = | neqsol | | 0 | medium
BEL | Orange Belgium | = | orange | | 0 | high
BEL | Proximus | = | proximus | state 53 % | 1 | high
BEL | Telenet | = | liberty-global | | 0 | high
BFA | Orange Burkina Faso | = | orange | | 0 | high
BGD | Banglalink | = | veon | | 0 | high
BGD | Grameenphone | = | telenor | | 0 | high
BGD | Robi | = | axiata | | 0 | high
BGD | Teletalk | = | | state | 1 | high
BGR | A1 Bulgaria | = | america-movil | | 0 | high
BGR | Telenor Bulgaria | Telenor/Yettel Bulgaria | ppf | | 0 | high
BGR | Vivacom | = | | private | 1 | low
BHR | Batelco | = | batelco | state holders | 1 | high
BHR | STC Bahrain | STC Bahrain (Viva) | stc | | 0 | high
BHS | Aliv | = | | Cable Bahamas and state | 0 | medium
BLR | beCloud | = | | state | 1 | low
BOL | Entel Bolivia | = | | state | 1 | high
BRA | Algar Telecom | = | | private | 0 | high
BRA | Claro Brasil | = | america-movil | | 0 | high
BRA | Oi | = | | listed | 0 | high
BRA | TIM Brasil | = | telecom-italia | | 0 | high
BRA | Vivo | Vivo (Telefonica Brasil) | telefonica | | 0 | high
BRN | Unified National Networks | = | | state | 1 | high
CAN | Bell | = | | listed | 1 | medium
CAN | Rogers | = | | listed | 0 | high
CAN | SaskTel | = | | province of Saskatchewan | 0 | high
CAN | Telus | = | | listed | 0 | high
CAN | Videotron | = | | Quebecor | 0 | high
CHE | Salt | = | njj | | 0 | high
CHE | Sunrise | = | | listed | 0 | high
CHE | Swisscom | = | swisscom | state 51 % | 1 | high
CHL | Claro Chile | = | america-movil | | 0 | high
CHL | Entel Chile | = | entel-chile | listed | 0 | high
CHL | Movistar Chile | = | telefonica | | 0 | high
CHN | China Broadcasting Network | | | state | 0 | high
CHN | China Mobile | = | china-mobile | state | 1 | high
CHN | China Telecom | | | state | 0 | high
CHN | China Unicom | | | state | 0 | high
CIV | Orange Cote d'Ivoire | = | orange | | 0 | high
CMR | Camtel | = | | state | 1 | high
COD | Vodacom DRC | = | vodafone | Vodacom | 0 | high
COL | Claro Colombia | = | america-movil | | 0 | high
COL | Movistar Colombia | | telefonica | Telefonica 67 %, state 33 % | 0 | medium
COL | Tigo Colombia | | millicom | Millicom and city of Medellin | 0 | high
COL | WOM Colombia | = | novator | | 0 | medium
CPV | CVMovel | = | | Cabo Verde Telecom | 1 | low
CRI | ICE | ICE (Kolbi) | | state | 1 | high
CUB | ETECSA | = | | state | 1 | high
CZE | O2 Czech Republic | O2 Czech Republic / CETIN | ppf | | 1 | high
CZE | T-Mobile Czech Republic | = | deutsche-telekom | | 0 | high
CZE | Vodafone Czech Republic | = | vodafone | | 0 | high
DEU | 1&1 | = | | United Internet | 0 | high
DEU | Deutsche Telekom | = | deutsche-telekom | state 32 % | 1 | high
DEU | Telefonica Deutschland | = | telefonica | | 0 | high
DEU | Vodafone Germany | = | vodafone | | 0 | high
DJI | Djibouti Telecom | = | | state | 1 | high
DNK | 3 Denmark | = | hutchison | Hutchison 60 %, Investor 40 % | 0 | high
DNK | TDC | = | | Macquarie and Danish pension funds | 1 | medium
DNK | Telenor Denmark | | telenor | | 0 | high
DNK | Telia Denmark | | telia | | 0 | high
DOM | Altice Dominicana | | altice | | 0 | high
DOM | Claro Dominicana | | america-movil | | 0 | high
DZA | Mobilis | = | | state | 1 | high
DZA | Ooredoo Algeria | = | ooredoo | | 0 | high
ECU | CNT | = | | state | 1 | high
ECU | Claro Ecuador | = | america-movil | | 0 | high
EGY | Etisalat Egypt | = | e-and | | 0 | high
EGY | Orange Egypt | = | orange | | 0 | high
EGY | Telecom Egypt | Telecom Egypt (WE) | | state 80 % | 1 | high
ESP | Orange Spain | = | orange | | 0 | high
ESP | Telefonica Spain | = | telefonica | listed | 1 | high
ESP | Vodafone Spain | = | vodafone | | 0 | high
EST | Elisa Estonia | = | elisa | | 0 | high
EST | Tele2 Estonia | = | tele2 | | 0 | high
EST | Telia Estonia | = | telia | | 0 | high
ETH | Ethio Telecom | = | | state | 1 | high
ETH | Safaricom Ethiopia | = | vodafone | Safaricom, Vodacom and others | 0 | medium
FIN | DNA | = | telenor | | 0 | high
FIN | Elisa | = | elisa | listed | 0 | high
FIN | Telia Finland | = | telia | | 0 | high
FJI | Digicel Fiji | = | digicel | | 0 | high
FRA | Bouygues Telecom | = | | Bouygues | 0 | high
FRA | Free | Free (Iliad) | iliad | | 0 | high
FRA | Orange France | = | orange | state 23 % | 1 | high
FRA | SFR | = | altice | | 0 | high
GBR | BT/EE | = | | listed | 1 | high
GBR | O2 UK | = | telefonica | | 0 | high
GBR | Three UK | = | hutchison | | 0 | high
GBR | Vodafone UK | = | vodafone | listed | 0 | high
GEO | Beeline Georgia | VEON Georgia (Cellfie) | veon | | 0 | high
GHA | MTN Ghana | = | mtn | | 0 | high
GHA | NGIC | = | | state and private holders | 0 | low
GHA | Vodafone Ghana | Vodafone Ghana (Telecel) | vodafone | Vodafone 70 %, state 30 % | 0 | high
GRC | Cosmote | = | deutsche-telekom | OTE | 0 | high
GRC | Vodafone Greece | = | vodafone | | 0 | high
GRC | Wind Hellas | =; Wind/Nova Greece | | private funds | 0 | medium
HKG | 3 Hong Kong | = | hutchison | | 0 | high
HKG | China Mobile Hong Kong | = | china-mobile | | 0 | high
HKG | HKT | = | | PCCW | 1 | medium
HKG | SmarTone | = | | Sun Hung Kai | 0 | high
HRV | A1 Croatia | = | america-movil | | 0 | high
HRV | Hrvatski Telekom | = | deutsche-telekom | | 0 | high
HRV | Tele2 Croatia | Tele2/Telemach Croatia | tele2 | | 0 | high
HUN | Magyar Telekom | = | deutsche-telekom | | 0 | high
HUN | Telenor Hungary | Telenor/Yettel Hungary | ppf | PPF 75 %, state 25 % | 0 | high
HUN | Vodafone Hungary | = | vodafone | | 0 | high
IDN | Indosat | =; Indosat Ooredoo Hutchison | ooredoo | Ooredoo 65 % | 0 | high
IDN | Smartfren | = | | Sinar Mas | 0 | high
IDN | Telkomsel | = | | Telkom Indonesia 65 %, Singtel 35 % | 1 | high
IDN | XL Axiata | = | axiata | | 0 | high
IND | Bharti Airtel | = | airtel | Bharti and Singtel | 0 | high
IND | Reliance Jio | = | | Reliance Industries | 0 | high
IND | Vodafone Idea | = | vodafone | Vodafone 45 %, Aditya Birla 27 % | 0 | medium
IRL | Three Ireland | = | hutchison | | 0 | high
IRL | Vodafone Ireland | = | vodafone | | 0 | high
IRL | eir | = | njj | NJJ and Iliad | 0 | high
IRN | MCI | MCI (Hamrah-e-Aval) | | Telecommunication Company of Iran | 1 | high
IRN | MTN Irancell | = | mtn | MTN 49 %, Iranian holders 51 % | 0 | medium
IRQ | Asiacell | = | ooredoo | | 0 | high
IRQ | Zain Iraq | = | zain | | 0 | high
ISL | Nova | = | novator | Novator and Pt Capital | 0 | low
ISL | Siminn | = | | listed | 1 | medium
ISR | Cellcom | = | | Discount Investment | 0 | high
ISR | Pelephone | = | | Bezeq | 1 | high
ITA | Fastweb | = | swisscom | | 0 | high
ITA | Iliad Italia | = | iliad | | 0 | high
ITA | TIM Italia | = | telecom-italia | listed | 1 | high
ITA | Vodafone Italia | = | vodafone | | 0 | high
ITA | Wind Tre | = | hutchison | | 0 | high
JOR | Orange Jordan | = | orange | | 0 | high
JOR | Umniah | = | batelco | | 0 | high
JPN | KDDI | = | | listed | 0 | high
JPN | NTT Docomo | = | | NTT | 1 | high
JPN | Rakuten Mobile | = | | Rakuten | 0 | high
JPN | SoftBank | = | softbank | | 0 | high
KEN | Airtel Kenya | = | airtel | | 0 | high
KEN | Safaricom | = | vodafone | Vodacom and Vodafone 40 %, state 35 % | 0 | medium
KHM | Smart Axiata | = | axiata | | 0 | high
KOR | KT | = | | listed | 1 | high
KOR | LG Uplus | = | | LG | 0 | high
KOR | SK Telecom | = | | SK | 0 | high
KWT | Ooredoo Kuwait | = | ooredoo | | 0 | high
KWT | STC Kuwait | STC Kuwait (Viva) | stc | | 0 | high
KWT | Zain Kuwait | = | zain | listed; state and Omantel hold parts | 1 | medium
LAO | Lao Telecom | = | | state and Thaicom | 1 | medium
LBN | Alfa | = | | state; managed by Orascom | 0 | high
LBN | touch | = | | state; managed by Zain | 1 | low
LKA | SLT-Mobitel | = | | Sri Lanka Telecom: state and Maxis's owner | 1 | high
LSO | Vodacom Lesotho | = | vodafone | Vodacom | 0 | high
LTU | Tele2 Lithuania | = | tele2 | | 0 | high
LTU | Telia Lietuva | = | telia | | 0 | high
LUX | Orange Luxembourg | = | orange | | 0 | high
LUX | Post Luxembourg | = | | state | 1 | high
LUX | Proximus Luxembourg | = | proximus | | 0 | high
LVA | LMT | = | telia | Telia 49 %, state holders 51 % | 0 | medium
LVA | Tele2 Latvia | = | tele2 | | 0 | high
MAR | Maroc Telecom | = | e-and | Etisalat 53 %, state 22 % | 0 | high
MAR | Orange Maroc | = | orange | Orange 49 % | 0 | high
MCO | Monaco Telecom | = | njj | NJJ 55 %, state 45 % | 0 | high
MDG | Telma | = | axian | Axian and state | 1 | medium
MDV | Dhiraagu | = | batelco | Batelco 52 %, state 42 % | 0 | high
MDV | Ooredoo Maldives | = | ooredoo | | 0 | high
MEX | AT&T Mexico | = | att | | 0 | high
MEX | Altan Redes | = | | private holders under a state contract | 0 | medium
MEX | Telcel | = | america-movil | | 1 | high
MKD | Makedonski Telekom | = | deutsche-telekom | Magyar Telekom, state 35 % | 0 | high
MLI | Orange Mali | = | orange | Sonatel | 0 | high
MLT | Vodafone Malta | Epic Malta | vodafone | Vodafone until 2020, then NJJ | 0 | medium
MMR | MPT | = | | state, with KDDI and Sumitomo | 1 | high
MMR | Telenor Myanmar | = | telenor | | 0 | high
MNE | Crnogorski Telekom | = | deutsche-telekom | Hrvatski Telekom | 0 | high
MOZ | Movitel | = | viettel | Viettel 70 % | 0 | high
MOZ | Tmcel | = | | state | 1 | high
MUS | Mauritius Telecom | Mauritius Telecom (my.t) | | state holders, Orange 40 % | 1 | high
MYS | Celcom | = | axiata | | 1 | medium
MYS | DNB | = | | state | 0 | high
MYS | Digi | = | telenor | Telenor 49 % | 0 | high
MYS | Maxis | = | | private, STC 25 % | 0 | high
MYS | U Mobile | = | | private | 0 | high
NAM | MTC Namibia | = | | state | 1 | high
NGA | Airtel Nigeria | = | airtel | | 0 | high
NGA | Globacom | = | globacom | private | 0 | high
NGA | MTN Nigeria | = | mtn | | 0 | high
NLD | KPN | = | | listed | 1 | high
NLD | T-Mobile Netherlands | =; T-Mobile Netherlands (Odido) | deutsche-telekom | Deutsche Telekom 75 %, Tele2 25 % | 0 | high
NLD | VodafoneZiggo | = | vodafone | Vodafone and Liberty Global, half each | 0 | high
NOR | Ice | = | | AccessIndustries and others | 0 | medium
NOR | Telenor Norway | = | telenor | state 54 % | 1 | high
NOR | Telia Norway | = | telia | | 0 | high
NPL | Ncell | = | axiata | | 0 | high
NPL | Nepal Telecom | = | | state | 1 | high
NRU | Digicel Nauru | = | digicel | | 0 | high
NZL | 2degrees | = | | Trilogy | 0 | high
NZL | Spark | = | | listed | 1 | high
NZL | Vodafone NZ | Vodafone NZ (One NZ) | | Infratil and Brookfield | 0 | high
OMN | Omantel | = | | state 51 % | 1 | high
OMN | Ooredoo Oman | = | ooredoo | | 0 | high
OMN | Vodafone Oman | = | | Omani holders; Vodafone is brand partner | 0 | medium
PAK | Jazz | = | veon | | 0 | high
PAK | Telenor Pakistan | = | telenor | | 0 | high
PAK | Zong | Zong (CMPak) | china-mobile | | 0 | high
PER | Bitel | = | viettel | | 0 | high
PER | Claro Peru | = | america-movil | | 0 | high
PER | Entel Peru | = | entel-chile | | 0 | high
PER | Movistar Peru | = | telefonica | | 0 | high
PHL | DITO | = | | Udenna and Chelsea 60 %, China Telecom 40 % | 0 | high
PHL | Globe | = | | Ayala, Singtel | 0 | high
PHL | PLDT Smart | = | | First Pacific, NTT and others | 1 | medium
PNG | Digicel PNG | = | digicel | | 0 | high
POL | Orange Polska | =; Orange Polska (north) | orange | | 0 | high
POL | Play | = | | private funds, listed | 0 | high
POL | Plus | Plus (Polkomtel) | | Cyfrowy Polsat | 0 | high
POL | T-Mobile Polska | = | deutsche-telekom | | 0 | high
PRT | MEO | Altice Portugal (MEO) | altice | | 0 | high
PRT | NOS | = | | Sonae and others | 0 | high
PRT | Vodafone Portugal | = | vodafone | | 0 | high
PRY | Personal Paraguay | = | telecom-argentina | | 0 | high
PRY | Tigo Paraguay | = | millicom | | 0 | high
PSE | Jawwal | = | | Paltel | 1 | low
QAT | Ooredoo Qatar | = | ooredoo | state holders | 1 | high
QAT | Vodafone Qatar | = | | Qatar Foundation; Vodafone is brand partner | 0 | high
ROU | Orange Romania | = | orange | | 0 | high
ROU | Vodafone Romania | = | vodafone | | 0 | high
RUS | Beeline | = | veon | | 0 | high
RUS | MTS | = | mts | Sistema | 0 | high
RUS | MegaFon | = | megafon | USM | 0 | high
RUS | Tele2 Russia | = | | Rostelecom 45 %, VTB and others | 0 | medium
SAU | Mobily | = | e-and | Etisalat 28 % | 0 | medium
SAU | STC | = | stc | state 70 % | 1 | high
SAU | Zain KSA | = | zain | Zain 37 % | 0 | medium
SDN | Zain Sudan | = | zain | | 0 | high
SEN | Sonatel | Sonatel (Orange) | orange | Orange 42 %, state 27 % | 0 | high
SGP | M1 | = | | Keppel and SPH | 0 | high
SGP | Singtel | = | singtel | Temasek 52 % | 1 | high
SGP | StarHub | | | ST Telemedia and others | 0 | high
SLB | Our Telekom | Solomon Is. govt 161 towers (Our Telekom) | | national provident fund | 1 | medium
SMR | TIM San Marino | = | telecom-italia | | 0 | high
SRB | A1 Serbia | = | america-movil | | 0 | high
SRB | Telekom Srbija | = | telekom-srbija | state 58 % | 1 | high
SVK | Orange Slovensko | = | orange | | 0 | high
SVK | Slovak Telekom | = | deutsche-telekom | | 0 | high
SVN | A1 Slovenia | = | america-movil | | 0 | high
SVN | Telekom Slovenije | = | telekom-slovenije | state 63 % | 1 | high
SWE | Tele2 Sweden | Tele2 | tele2 | Kinnevik 27 % | 0 | high
SWE | Telenor Sweden | | telenor | | 0 | high
SWE | Telia Sweden | = | telia | state 38 % | 1 | high
SWE | Tre Sweden | = | hutchison | Hutchison 60 %, Investor 40 % | 0 | high
SYR | Syriatel | = | | private | 0 | medium
TGO | Togocom | = | axian | Axian and ECP 51 %, state 49 % | 0 | medium
THA | AIS | = | | Intouch, Singtel 23 % | 0 | high
THA | True | = | | CP, China Mobile 18 % | 0 | high
TKM | TMCell | = | | state | 1 | high
TON | Digicel Tonga | = | digicel | | 0 | high
TUN | Ooredoo Tunisia | = | ooredoo | | 0 | high
TUR | Turk Telekom | = | | creditor banks 55 %, state | 1 | high
TUR | Turkcell | = | turkcell | Telia, LetterOne, Cukurova | 0 | high
TUR | Vodafone Turkey | = | vodafone | | 0 | high
TWN | Chunghwa Telecom | = | | state 35 % | 1 | high
TWN | Far EasTone | = | | Far Eastern | 0 | high
TWN | Taiwan Mobile | = | | Fubon | 0 | high
TWN | Taiwan Star | = | | Ting Hsin | 0 | high
TZA | TTCL | = | | state | 1 | high
TZA | Tigo Tanzania | = | millicom | | 0 | high
TZA | Vodacom Tanzania | = | vodafone | Vodacom | 0 | high
UGA | MTN Uganda | = | mtn | | 0 | high
UKR | Kyivstar | = | veon | | 0 | high
UKR | Vodafone Ukraine | = | neqsol | NEQSOL since December 2019; Vodafone is brand partner | 0 | medium
UKR | lifecell | = | turkcell | | 0 | high
URY | Antel | = | | state | 1 | high
USA | AT&T | = | att | listed | 1 | low
USA | DISH | = | | listed | 0 | high
USA | Sprint | = | softbank | SoftBank 84 % | 0 | high
USA | T-Mobile US | = | deutsche-telekom | Deutsche Telekom 63 % | 0 | high
USA | US Cellular | = | | TDS | 0 | high
USA | Verizon | = | | listed | 0 | high
UZB | Mobiuz | = | | state | 0 | medium
UZB | Perfectum | = | | private | 0 | medium
UZB | Ucell | = | | state | 0 | medium
UZB | Uzbektelecom | Uzbektelecom (Uzmobile) | | state | 1 | high
VEN | Movilnet | = | | CANTV: state | 1 | high
VEN | Movistar Venezuela | = | telefonica | | 0 | high
VNM | VNPT VinaPhone | = | | state | 0 | high
VNM | Viettel | =; Viettel (historic) | viettel | state: ministry of defence | 1 | high
VUT | Digicel Vanuatu | = | digicel | | 0 | high
WSM | Digicel Samoa | = | digicel | | 0 | high
YEM | Aden Net | = | | government in Aden | 0 | low
ZAF | Cell C | = | | private | 0 | high
ZAF | MTN South Africa | = | mtn | listed | 0 | high
ZAF | Rain | = | | private | 0 | high
ZAF | Telkom SA | = | | state 41 % | 1 | high
ZAF | Vodacom | = | vodafone | Vodafone 61 % | 0 | high
ZMB | MTN Zambia | = | mtn | | 0 | high
ZMB | Zamtel | = | | state | 1 | high
ZWE | Econet | = | econet | | 0 | high
ZWE | NetOne | = | | state | 1 | high
"""  # noqa: E501
