"""Constants shared by all arguments."""

PRIORS = "the priors of data/model/parameters.csv and adoption estimated for most countries"
QUO = "status-quo-2019"
