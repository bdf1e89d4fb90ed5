"""How are landings, weeks, fixes and aircraft handed on as data? Tables with a schema, in CSV,
JSON, GeoJSON and KML."""
