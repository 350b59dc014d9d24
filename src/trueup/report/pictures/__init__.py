"""Where to put ink: results laid out in percent of a picture, so that any width fits."""
