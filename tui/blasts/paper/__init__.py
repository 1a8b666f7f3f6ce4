"""Text on paper: pages of a PDF on which any text can be read, whatever stands in it."""
