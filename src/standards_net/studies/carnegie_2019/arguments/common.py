"""What all answers refer to."""

PRIORS = "the priors of data/model/parameters.csv and adoption estimated for most countries"
QUO = "status-quo-2019"
