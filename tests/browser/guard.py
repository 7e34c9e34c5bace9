"""What no page may do, whatever else its test looks at."""

from __future__ import annotations

from urllib.parse import urlsplit

from axe_playwright_python.base import AxeResults
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import BrowserContext, ConsoleMessage, Error, Page, Response, Route

LEFT = "Execution context was destroyed"  # the page was left while the script ran
ELSEWHERE = "<!doctype html><html lang='en'><title>Elsewhere</title><p>Another site.</p></html>"


class Guard:
    """Watches one context: other hosts, console errors (CSP violations are such), broken files.

    ``allowed_hosts`` are stubbed, nothing ever leaves the machine: "exit this page" goes elsewhere.
    """

    def __init__(self, context: BrowserContext, url: str):
        self.host = urlsplit(url).netloc
        self.allowed_hosts: set[str] = set()
        self.faults: list[str] = []
        self.context = context
        context.route(lambda address: urlsplit(address).netloc != self.host, self._elsewhere)
        context.on("console", self._console)
        context.on("weberror", lambda error: self.faults.append(f"script error: {error.error}"))
        context.on("response", self._response)

    def check(self) -> None:
        assert self.faults == []

    def check_no_trace(self) -> None:
        """Nothing is left in the browser of somebody who only looked something up."""
        assert self.context.cookies() == []
        assert self.context.storage_state()["origins"] == []

    def _elsewhere(self, route: Route) -> None:
        host = urlsplit(route.request.url).netloc
        if host in self.allowed_hosts:
            route.fulfill(status=200, content_type="text/html", body=ELSEWHERE)
            return
        if host:  # data: and blob: addresses have none
            self.faults.append(f"request to another host: {route.request.url}")
            route.abort()
            return
        route.continue_()

    def _console(self, message: ConsoleMessage) -> None:
        # A refused page is told in the console too; _response looks at what it loads.
        if message.type == "error" and not message.text.startswith("Failed to load resource"):
            self.faults.append(f"console: {message.text}")

    def _response(self, response: Response) -> None:
        document = response.request.resource_type == "document"
        if response.status >= 500 or (response.status >= 400 and not document):
            self.faults.append(f"{response.status} {response.url}")


def _looked_at(page: Page) -> AxeResults:
    page.wait_for_load_state()
    return Axe().run(page, options={"resultTypes": ["violations"]})


def axe(page: Page) -> None:
    """No accessibility violation on the page as it stands now, or on the one that is about to replace it."""
    try:
        found = _looked_at(page)
    except Error as error:
        if LEFT not in error.message:
            raise
        found = _looked_at(page)
    told = [
        f"{violation['id']} ({violation['impact']}): {violation['help']}\n"
        + "\n".join(f"    {node['html']}" for node in violation["nodes"])
        for violation in found.response["violations"]
    ]
    assert not told, f"{page.url}\n" + "\n".join(told)
