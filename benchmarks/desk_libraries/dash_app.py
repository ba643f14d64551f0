"""The small piece in Dash. Raw markup is not among its components: an iframe holds it."""

import sys

import piece
from dash import Dash, Input, Output, dcc, html

app = Dash(__name__, serve_locally=True)
app.layout = html.Div(
    [
        dcc.Dropdown(["0", "1"], "0", id="which", clearable=False),
        html.Iframe(id="answer", style={"width": "100%", "height": "700px"}),
    ]
)


@app.callback(Output("answer", "srcDoc"), Input("which", "value"))
def answer(which):
    return piece.answer(int(which))


app.run(port=sys.argv[1], debug=False)
