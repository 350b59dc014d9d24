"""Pure numbers: intervals, ratios, survival, concentration, association. No I/O, tables or clock."""
