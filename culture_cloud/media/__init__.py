"""Files: generated covers, uploaded pictures, originals with all that is made from them."""
