"""From a checked draft to one XHTML document, and from that to the bytes of each format."""
