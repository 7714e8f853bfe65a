"""Where workbooks are kept."""
