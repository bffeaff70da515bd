"""Why: a guidance page is mostly not guidance, so the sample's pages carry what real ones do around their
content: a banner, menus, related links, a form and a footer that a parser must leave behind.
"""

from __future__ import annotations

import datetime as dt
from html import escape
from string import Template
from typing import Any

from sample_guidance.source import Guide, markdown

_PAGE = Template("""\
<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>$title - Sample guidance</title>
$fields
<style>.skip-link:not(:focus) { position: absolute; left: -9999em; }</style>
<script>document.documentElement.className = "js";</script>
</head>
<body>
<a class="skip-link" href="#content">Skip to main content</a>
<div class="cookie-banner" role="region" aria-label="Cookies on this site">
<h2>Cookies on this site</h2>
<p>We use some essential cookies to make this site work. We would like to set additional cookies to
understand how you use it.</p>
<button type="button">Accept additional cookies</button>
<button type="button">Reject additional cookies</button>
<a href="#cookies">View cookies</a>
</div>
<header class="site-header" role="banner">
<a class="site-name" href="#home">Sample guidance</a>
<nav aria-label="Menu">
<ul>
<li><a href="#benefits">Benefits</a></li>
<li><a href="#procedures">Procedures</a></li>
<li><a href="#rates">Rates</a></li>
<li><a href="#news">News for colleagues</a></li>
</ul>
</nav>
<form role="search"><label for="search">Search this site</label><input id="search" name="q" type="search"></form>
</header>
<nav class="breadcrumbs" aria-label="Breadcrumb">
<ol><li><a href="#home">Home</a></li><li><a href="#topic">$topic</a></li></ol>
</nav>
<div class="wrapper">
<main id="content">
<article>
<div class="notice" role="note">$notice</div>
$body
</article>
</main>
<aside class="related" aria-label="Related content">
<h2>Related content</h2>
<ul>
<li><a href="#challenge">Challenging a benefit decision</a></li>
<li><a href="#change">Reporting a change of circumstances</a></li>
<li><a href="#advice">Finding independent advice</a></li>
</ul>
</aside>
</div>
<div class="feedback">
<h2>Is this page useful?</h2>
<form method="post"><button name="useful" value="yes">Yes</button><button name="useful" value="no">No</button>
<label for="problem">Report a problem with this page</label><textarea id="problem" name="problem"></textarea>
</form>
</div>
<footer class="site-footer">
<ul>
<li><a href="#accessibility">Accessibility statement</a></li>
<li><a href="#privacy">Privacy</a></li>
<li><a href="#contact">Contact</a></li>
</ul>
<p>All content is available under the MIT licence. Published $published.</p>
</footer>
</body>
</html>
""")


def render(guide: Guide) -> bytes:
    """A whole page in UTF-8, its fields in ``<meta>`` elements; the list of checks stays in the source."""
    fields = guide.fields
    published: dt.date = fields["published_at"]
    page = _PAGE.substitute(
        title=escape(fields["title"]),
        fields="\n".join(_meta(name, value) for name, value in fields.items() if name != "checked"),
        topic=escape(guide.slug.split("/")[0].replace("-", " ").capitalize()),
        notice=escape(fields["notice"]),
        body=markdown().render(guide.body).strip(),
        published=f"{published.day} {published:%B %Y}",
    )
    return page.encode()


def _meta(name: str, value: Any) -> str:
    text = ", ".join(map(str, value)) if isinstance(value, list) else str(value)
    return f'<meta name="frontline:{name}" content="{escape(text)}">'
