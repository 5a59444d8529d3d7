// Shows the share and print buttons: <button data-share data-done="Link copied" hidden>, <button data-print hidden>.
// Shares through the system's sheet or copies the address, and says so in the [data-share-status] beside it.
const address = document.querySelector("link[rel=canonical]")?.href ?? location.href;
for (const button of document.querySelectorAll("[data-share]")) {
  button.hidden = false;
  button.addEventListener("click", async () => {
    try {
      if (navigator.share) return await navigator.share({ title: document.title, url: address });
      await navigator.clipboard.writeText(address);
      for (const status of document.querySelectorAll("[data-share-status]")) status.textContent = button.dataset.done;
    } catch {}
  });
}
for (const button of document.querySelectorAll("[data-print]")) {
  button.hidden = false;
  button.addEventListener("click", () => print());
}
addEventListener("beforeprint", () => document.querySelectorAll("details").forEach((fold) => (fold.open = true)));
