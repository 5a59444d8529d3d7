// Sets the reader's theme before the first paint, then makes the button turn it: follow the system, light, dark.
// <button data-theme-toggle data-auto="Theme: auto" data-light="Theme: light" data-dark="Theme: dark" hidden>
const root = document.documentElement;
const themes = ["auto", "light", "dark"];
let theme = "auto";
try {
  theme = themes.find((name) => name === localStorage.theme) ?? "auto";
} catch {}
const apply = () => (theme === "auto" ? delete root.dataset.theme : (root.dataset.theme = theme));
apply();

document.addEventListener("DOMContentLoaded", () => {
  for (const button of document.querySelectorAll("[data-theme-toggle]")) {
    const label = () => (button.textContent = button.dataset[theme]);
    label();
    button.hidden = false;
    button.addEventListener("click", () => {
      theme = themes[(themes.indexOf(theme) + 1) % 3];
      try {
        localStorage.theme = theme;
      } catch {}
      apply();
      label();
    });
  }
});
