"""The desk: a page on this machine where levers move and the world answers at once (extra ``desk``)."""
