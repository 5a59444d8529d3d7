"""The widths, in pixels, at which readers may ask for a picture, and those that are made while it is taken in."""

WIDTHS = (320, 480, 640, 960, 1280, 1920)
FIRST_WIDTHS = (640, 1280)
