// The focal point of a picture, by pointer or arrow keys: <div data-focal> with two inputs, an image and a slider.
const STEP = 0.02;
const KEYS = { ArrowLeft: [-STEP, 0], ArrowRight: [STEP, 0], ArrowUp: [0, -STEP], ArrowDown: [0, STEP] };

for (const box of document.querySelectorAll("[data-focal]")) {
  const [x, y] = box.querySelectorAll("input");
  const stage = box.querySelector(".focal-stage");
  const dot = box.querySelector("[role=slider]");
  if (!stage) continue;
  const within = (share) => Math.min(1, Math.max(0, share));
  const percent = (share) => Math.round(share * 100);

  const put = (left, top) => {
    x.value = within(left).toFixed(3);
    y.value = within(top).toFixed(3);
    dot.style.left = `${x.value * 100}%`;
    dot.style.top = `${y.value * 100}%`;
    dot.setAttribute("aria-valuenow", percent(x.value));
    dot.setAttribute("aria-valuetext", `${percent(x.value)} % from the left, ${percent(y.value)} % from the top`);
    for (const crop of box.querySelectorAll("[data-crop]")) {
      crop.style.objectPosition = `${x.value * 100}% ${y.value * 100}%`;
    }
  };
  const follow = (event) => {
    const frame = stage.getBoundingClientRect();
    put((event.clientX - frame.left) / frame.width, (event.clientY - frame.top) / frame.height);
  };
  stage.addEventListener("pointerdown", (event) => {
    event.preventDefault();
    stage.setPointerCapture(event.pointerId);
    follow(event);
    stage.addEventListener("pointermove", follow);
  });
  stage.addEventListener("pointerup", () => stage.removeEventListener("pointermove", follow));
  dot.addEventListener("keydown", (event) => {
    const way = KEYS[event.key];
    if (!way) return;
    event.preventDefault();
    put(Number(x.value) + way[0], Number(y.value) + way[1]);
  });
  put(Number(x.value || 0.5), Number(y.value || 0.5));
}
