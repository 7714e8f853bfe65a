"""What a page says, read as a program for reading does: headings, tables, links, texts."""

from html.parser import HTMLParser

VOID = {"meta", "link", "br", "img", "input", "hr"}


class Page(HTMLParser):
    """Everything of a page that tests ask for; closing tags must fit."""

    def __init__(self, text):
        super().__init__()
        self.tags, self.open, self.headings, self.tables, self.texts = [], [], [], [], []
        self.wrong = []
        self.feed(text)
        self.wrong += self.open

    def handle_starttag(self, tag, attrs):
        attributes = dict(attrs)
        self.tags.append((tag, attributes))
        if tag not in VOID:
            self.open.append(tag)
        if tag in {"h1", "h2", "h3", "h4"}:
            self.headings.append([int(tag[1]), ""])
        if tag == "table":
            self.tables.append({"caption": "", "rows": []})
        if tag == "tr":
            self.tables[-1]["rows"].append([])
        if tag in {"th", "td"}:
            self.tables[-1]["rows"][-1].append([tag, attributes.get("scope"), "", attributes.get("class")])

    def handle_endtag(self, tag):
        if not self.open or self.open.pop() != tag:
            self.wrong.append(tag)

    def handle_data(self, data):
        inside = self.open[-1] if self.open else ""
        if inside in {"h1", "h2", "h3", "h4"}:
            self.headings[-1][1] += data
        if inside == "caption":
            self.tables[-1]["caption"] += data
        if inside in {"th", "td"}:
            self.tables[-1]["rows"][-1][-1][2] += data
        if inside not in {"style", "script"}:
            self.texts.append(data)

    @property
    def text(self):
        return " ".join(" ".join(self.texts).split())

    def all(self, tag):
        return [attributes for name, attributes in self.tags if name == tag]

    def table(self, caption):
        """Header → value, row by row."""
        rows = next(table["rows"] for table in self.tables if table["caption"] == caption)
        heads = [cell[2] for cell in rows[0]]
        return [dict(zip(heads, [cell[2] for cell in row], strict=True)) for row in rows[1:]]
