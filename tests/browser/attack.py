"""Opens attack strings in a real browser, many documents at once in frames, and notes what shows that one ran."""

from dataclasses import dataclass, field
from urllib.parse import urlsplit

AT_ONCE = 16  # documents in one page: one costs a fifth of a page of its own
PATIENCE = 5  # seconds for a page of frames; a refresh or an endless load ends with it

# Before any script of any document. What an attack would call says so instead; a site of ours calls none of these.
HOOKS = """(() => {
    const tell = (what) => console.error(`RAN ${what} ${location.href}`);
    for (const name of ["alert", "confirm", "prompt", "print", "open"]) {
        window[name] = (...given) => { tell(`${name}(${given.join().slice(0, 40)})`); return null; };
    }
    for (const [owner, name] of [[Document.prototype, "write"], [Document.prototype, "writeln"],
                                 [History.prototype, "pushState"], [History.prototype, "replaceState"]]) {
        const own = owner[name];
        owner[name] = function (...given) { tell(name); return own.apply(this, given); };
    }
})()"""

LOAD = """([urls, seconds]) => Promise.all(urls.map((url) => new Promise((done) => {
    const frame = document.createElement("iframe");
    frame.width = 800; frame.height = 600;
    frame.addEventListener("load", () => done());
    setTimeout(done, seconds * 1000);
    frame.src = url;
    document.body.append(frame);
})))"""

# Do to every suspicious element what a reader might: point at it, click it, leave it; and say how many there were.
PROVOKE = """() => {
    const suspicious = [];
    const documents = [document];
    for (const frame of document.querySelectorAll("iframe")) {
        try { if (frame.contentDocument) documents.push(frame.contentDocument); } catch { /* it went elsewhere */ }
    }
    for (const one of documents) {
        // Through the prototypes: a form's fields may be named like its methods.
        for (const element of Document.prototype.querySelectorAll.call(one, "body *")) {
            const leads = /^(href|xlink:href|src|action|formaction|data|background|poster)$/i;
            const runs = /^[\\s\\x00-\\x20]*(javascript|vbscript|data:(?!image\\/(png|gif|svg)))/i;
            const names = Element.prototype.getAttributeNames.call(element);
            const all = names.map((name) => ({ name, value: Element.prototype.getAttribute.call(element, name) }));
            const bad = all.filter(({ name, value }) =>
                /^on/i.test(name) || name === "srcdoc" ||
                (leads.test(name) && runs.test(value.replace(/[\\t\\n\\r]/g, ""))));
            if (!bad.length) continue;
            const [{ name, value }] = bad;
            suspicious.push(`<${element.localName} ${name}="${value.slice(0, 60)}"> on ${one.defaultView?.location}`);
            for (const { name } of bad.filter(({ name }) => /^on/i.test(name))) {
                const event = new Event(name.slice(2).toLowerCase() || "x", { bubbles: true, cancelable: true });
                EventTarget.prototype.dispatchEvent.call(element, event);
            }
            const click = new MouseEvent("click", { bubbles: true, cancelable: true });
            EventTarget.prototype.dispatchEvent.call(element, click);
        }
    }
    return suspicious;
}"""


@dataclass
class Arena:
    """A browser page that opens addresses of one origin in frames and keeps what went wrong in them.

    `ran` holds what shows that a string became a program: a hooked call, a dialog, a script that
    the parser took from a document instead of /static/, a window, a request to another host.
    `thrown` holds exceptions: an attack's, or a script's of ours that met markup named like its
    methods. `blocked` holds what the content policy refused.
    """

    page: object
    origin: str
    ran: list = field(default_factory=list)
    thrown: list = field(default_factory=list)
    blocked: list = field(default_factory=list)
    suspicious: list = field(default_factory=list)

    def __post_init__(self):
        page = self.page
        page.add_init_script(HOOKS)
        page.on("console", self._console)
        page.on("pageerror", lambda error: self.thrown.append(str(error)))
        page.on("popup", lambda popup: self.ran.append(f"window: {popup.url}"))
        page.on("dialog", self._dialog)
        page.on("requestfailed", self._failed)
        page.on("requestfinished", self._finished)
        devtools = page.context.new_cdp_session(page)
        devtools.on("Debugger.scriptParsed", self._parsed)
        devtools.send("Debugger.enable")
        # What cannot run a script: dozens of style sheets, fonts and icons to every document.
        unneeded = [f"{self.origin}/static/*.{kind}" for kind in ("css", "woff2", "svg", "png")]
        devtools.send("Network.enable")
        devtools.send("Network.setBlockedURLs", {"urls": unneeded})

    def open(self, urls, ready=""):
        """Open paths, wait until `ready` (a selector) is in each, and provoke what looks hostile."""
        urls = [f"{self.origin}{url}" for url in urls]
        for start in range(0, len(urls), AT_ONCE):
            some = urls[start : start + AT_ONCE]
            self.page.goto(f"{self.origin}/robots.txt")
            self.page.evaluate(LOAD, [some, PATIENCE])
            if ready:
                for frame in self.page.main_frame.child_frames:  # not those that a page has in it
                    frame.wait_for_selector(ready, state="attached")
            self.suspicious += self.page.evaluate(PROVOKE)
            self.page.evaluate("new Promise((done) => setTimeout(done, 20))")  # what a click set off

    def _console(self, message):
        text = message.text
        if text.startswith("RAN "):
            self.ran.append(text)
        elif "Content Security Policy" in text:
            self.blocked.append(f"{text[:160]} ({message.location.get('url', '')})")

    def _dialog(self, dialog):
        self.ran.append(f"dialog: {dialog.message[:60]}")
        dialog.dismiss()

    def _foreign(self, url):
        parts = urlsplit(url)
        return (
            parts.scheme in ("http", "https", "ws", "wss", "ftp") and f"{parts.scheme}://{parts.netloc}" != self.origin
        )

    def _failed(self, request):
        # A request that the policy stopped never left; the console tells of it.
        if self._foreign(request.url) and "csp" not in (request.failure or ""):
            self.ran.append(f"request: {request.url[:100]} ({request.failure})")

    def _finished(self, request):
        if self._foreign(request.url):
            self.ran.append(f"request: {request.url[:100]}")

    def _parsed(self, script):
        url = script["url"]
        ours = url.startswith(f"{self.origin}/static/") or url == f"{self.origin}/admin/jsi18n/"
        # Without an address: what this file evaluates, and Playwright itself.
        if url and not ours and not url.startswith("chrome-error:"):
            self.ran.append(f"script: {url[:100]} line {script['startLine']}, {script.get('length')} characters")
