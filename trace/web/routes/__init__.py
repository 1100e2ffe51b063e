"""Pages over HTTP: one file for each page, with its routes and how its reading becomes its view."""
