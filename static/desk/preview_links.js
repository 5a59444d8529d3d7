// Copies an address: <input id="a" readonly> <button data-copy="a" hidden>Copy</button>
for (const button of document.querySelectorAll("[data-copy]")) {
  const box = document.getElementById(button.dataset.copy);
  button.hidden = false;
  box.addEventListener("focus", () => box.select());
  button.addEventListener("click", async () => {
    box.select();
    try {
      await navigator.clipboard.writeText(box.value);
      button.textContent = "Copied";
    } catch {
      document.execCommand("copy"); // without the right to the clipboard: what is selected
    }
  });
}
