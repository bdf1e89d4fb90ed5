"""What may leave the operator's own pages, and when? Landings after a delay, of aircraft whose
operator is named, and nothing about those who helped to find them."""
