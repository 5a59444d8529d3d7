// Puts a frame where a reader asks for it; nothing is fetched from others before the click.
// <div data-player="https://…" data-title="…" data-shape="video"><button data-play hidden>Play</button></div>
for (const embed of document.querySelectorAll("[data-player]")) {
  const button = embed.querySelector("[data-play]");
  button.hidden = false;
  button.addEventListener("click", () => {
    const frame = document.createElement("iframe");
    Object.assign(frame, { src: embed.dataset.player, title: embed.dataset.title ?? "", allowFullscreen: true });
    frame.referrerPolicy = "strict-origin-when-cross-origin";
    // What a player needs; it may not take the reader away from the page.
    frame.sandbox = "allow-scripts allow-same-origin allow-popups allow-popups-to-escape-sandbox allow-presentation allow-forms";
    embed.classList.add("is-open");
    embed.replaceChildren(frame);
    frame.focus();
  });
}
