// The few elements that what is kept is shown with.

export function element(tag, properties = {}, children = []) {
  const made = Object.assign(document.createElement(tag), properties);
  made.append(...children);
  return made;
}

export function button(label, onClick, className = "button") {
  const made = element("button", { type: "button", className, textContent: label });
  made.addEventListener("click", onClick);
  return made;
}

/** What differs, as the server wrote it: {label, html}. Its HTML holds the words escaped and no element of theirs. */
export function changes(differs) {
  return differs.flatMap(({ label, html }) => [
    element("h3", { textContent: label }),
    ...(html ? [element("div", { className: "diff", dir: "auto", innerHTML: html })] : []),
  ]);
}
