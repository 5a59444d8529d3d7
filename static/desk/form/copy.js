// A button that copies: <button data-copy="https://…">.
document.addEventListener("click", async (event) => {
  const button = event.target.closest("[data-copy]");
  if (!button) return;
  const words = button.lastChild;
  try {
    await navigator.clipboard.writeText(button.dataset.copy);
    words.textContent = " Copied";
  } catch {
    // Without leave to write there, the address is chosen, so that a key copies it.
    getSelection().selectAllChildren(document.querySelector("[data-copied]"));
    words.textContent = " Chosen: Ctrl C copies it";
  }
});
