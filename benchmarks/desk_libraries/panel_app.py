"""The small piece in Panel."""

import sys

import panel as pn
import piece


def app():
    which = pn.widgets.Select(name="which", options=["0", "1"])
    return pn.Column(which, pn.bind(lambda value: pn.pane.HTML(piece.answer(int(value))), which))


pn.serve(app, port=int(sys.argv[1]), show=False)
