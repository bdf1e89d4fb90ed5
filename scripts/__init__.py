"""Which data files of the package are made from public lists? One script a list, run by hand."""
