"""What readers get. Nothing here knows the desk: every question goes to editions, through live()."""
