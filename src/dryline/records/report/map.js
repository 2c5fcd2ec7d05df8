// Reads the value under the pointer from the colours of a roll map; the page is complete without it.
for (const map of document.querySelectorAll("figure.map")) {
  const picture = map.querySelector(".sheet img");
  const scale = map.querySelector(".scale img");
  const output = map.querySelector("output");
  const hint = output.textContent;
  const [low, high, first, last, range] = ["low", "high", "first", "last", "range"].map((key) => Number(map.dataset[key]));
  let pixels = null;
  const values = new Map();

  function pixelsOf(image) {
    const canvas = document.createElement("canvas");
    canvas.width = image.naturalWidth;
    canvas.height = image.naturalHeight;
    const context = canvas.getContext("2d");
    context.drawImage(image, 0, 0);
    return context.getImageData(0, 0, canvas.width, canvas.height);
  }

  function key(data, at) {
    return (data[at] << 16) | (data[at + 1] << 8) | data[at + 2];
  }

  function prepare() {
    pixels = pixelsOf(picture);
    const bar = pixelsOf(scale).data;
    for (let index = 0; index < 255; index++) values.set(key(bar, 4 * index), index);
  }

  function said(index) {
    if (index === undefined) return "unknown";
    const limit = `${range.toPrecision(3)} ${map.dataset.unit}`;
    if (index === 0) return `below −${limit}`;
    if (index === 254) return `above +${limit}`;
    const value = ((index - 127) / 126) * range;
    return `${value < 0 ? "−" : "+"}${Math.abs(value).toFixed(2)} ${map.dataset.unit}`;
  }

  picture.addEventListener("pointermove", (event) => {
    if (!pixels) prepare();
    const box = picture.getBoundingClientRect();
    const across = Math.min(Math.max((event.clientX - box.left) / box.width, 0), 0.9999);
    const down = Math.min(Math.max((event.clientY - box.top) / box.height, 0), 0.9999);
    const at = 4 * (Math.floor(down * pixels.height) * pixels.width + Math.floor(across * pixels.width));
    const metre = (first + down * (last - first)).toFixed(1);
    const place = (low + across * (high - low)).toFixed(0);
    output.textContent = `${metre} m, ${place} mm: ${said(values.get(key(pixels.data, at)))} from target`;
  });
  picture.addEventListener("pointerleave", () => { output.textContent = hint; });
}
