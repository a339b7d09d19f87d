"""Mermaid itself, where it is installed: in Chromium, which has what it needs to draw."""

import os
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from command import ROOT

BUILT = Path("mermaid") / "dist" / "mermaid.min.js"
DRAW = """async (diagrams) => {
    mermaid.initialize({startOnLoad: false, securityLevel: "strict"});
    const found = [];
    for (const [number, text] of diagrams.entries()) {
        try {
            await mermaid.parse(text);
            const {svg} = await mermaid.render(`diagram${number}`, text);
            const drawn = new DOMParser().parseFromString(svg, "text/html").body;
            const all = [...drawn.querySelectorAll("*")];
            const names = all.flatMap((each) => [...each.attributes].map((one) => one.name));
            found.push({
                texts: [...drawn.querySelectorAll("text")].map((each) => each.textContent),
                elements: [...new Set(all.map((each) => each.localName))],
                handlers: names.filter((name) => name.startsWith("on")),
            });
        } catch (error) {
            found.push({error: String(error)});
        }
    }
    return found;
}"""


def mermaid_path() -> Path | None:
    """Return where Mermaid is: what SIPWHY_MERMAID names, or what npm installed."""
    if named := os.environ.get("SIPWHY_MERMAID"):
        return Path(named)
    npm = shutil.which("npm")
    roots = [ROOT / "node_modules"]
    if npm:
        asked = subprocess.run([npm, "root", "-g"], capture_output=True, check=False, text=True)
        roots.append(Path(asked.stdout.strip() or "."))
    return next((root / BUILT for root in roots if (root / BUILT).is_file()), None)


def draw(mermaid: Path, diagrams: Sequence[str]) -> list[dict[str, Any]]:
    """Return of each diagram its texts, the names of its elements and its handlers, or the error.

    The browser is there only meanwhile: what reads captures by tshark wants no other event loop.
    """
    from playwright.sync_api import sync_playwright  # noqa: PLC0415 - it may not be installed

    with sync_playwright() as driver:
        sandboxed = [] if os.getuid() else ["--no-sandbox"]
        browser = driver.chromium.launch(executable_path=shutil.which("chromium"), args=sandboxed)
        page = browser.new_page()
        page.set_content("<!DOCTYPE html><body></body>")
        page.add_script_tag(path=mermaid)
        found: list[dict[str, Any]] = page.evaluate(DRAW, list(diagrams))
        browser.close()
    return found
