// The focal point of a picture, by pointer or arrow keys: <div data-focal> with two inputs, an image and a slider.
const STEP = 0.02;
const KEYS = { ArrowLeft: [-STEP, 0], ArrowRight: [STEP, 0], ArrowUp: [0, -STEP], ArrowDown: [0, STEP] };

/** Let somebody set the focal point in a box, once. */
export function setFocal(box) {
  const [x, y] = box.querySelectorAll("input");
  const stage = box.querySelector(".focal-stage");
  const dot = box.querySelector("[role=slider]");
  if (!stage || stage.dataset.ready) return;
  stage.dataset.ready = "";
  const within = (share) => Math.min(1, Math.max(0, share));
  const percent = (share) => Math.round(share * 100);

  // As newsroom/pictures/crops.py cuts: the point in the middle, as far as the edges let it.
  const edge = (share, whole, part) => (whole > part ? within((share * whole - part / 2) / (whole - part)) * 100 : 50);
  const cut = (crop) => {
    const { naturalWidth: width, naturalHeight: height } = crop;
    const ratio = crop.clientWidth / crop.clientHeight;
    if (!width || !ratio) return;
    const left = edge(Number(x.value), width, Math.min(width, height * ratio));
    const top = edge(Number(y.value), height, Math.min(height, width / ratio));
    crop.style.objectPosition = `${left}% ${top}%`;
  };
  for (const crop of box.querySelectorAll("[data-crop]")) crop.addEventListener("load", () => cut(crop));

  const put = (left, top) => {
    x.value = within(left).toFixed(3);
    y.value = within(top).toFixed(3);
    dot.style.left = `${x.value * 100}%`;
    dot.style.top = `${y.value * 100}%`;
    dot.setAttribute("aria-valuenow", percent(x.value));
    dot.setAttribute("aria-valuetext", `${percent(x.value)} % from the left, ${percent(y.value)} % from the top`);
    for (const crop of box.querySelectorAll("[data-crop]")) cut(crop);
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

for (const box of document.querySelectorAll("[data-focal]")) setFocal(box);
