// The words that scripts say stand in the page, in its language: <div data-words data-say-next="…">. Icons come from the sprite.

export function word(name, values = {}) {
  const words = document.querySelector("[data-words]");
  let text = (words && words.dataset[`say${name[0].toUpperCase()}${name.slice(1)}`]) || "";
  for (const [key, value] of Object.entries(values)) text = text.split(`{${key}}`).join(String(value));
  return text;
}

/** The address of an icon in the sprite that the page already uses. */
export function icon(name) {
  const some = document.querySelector("svg use");
  const sprite = some ? some.getAttribute("href").split("#")[0] : "/assets/icons.svg";
  return `${sprite}#${name}`;
}

export function drawn(name) {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  svg.setAttribute("class", "ti");
  svg.setAttribute("aria-hidden", "true");
  const use = document.createElementNS("http://www.w3.org/2000/svg", "use");
  use.setAttribute("href", icon(name));
  svg.append(use);
  return svg;
}

/** An element with a class and its parts: texts are texts, never HTML. */
export function element(tag, className, ...parts) {
  const made = document.createElement(tag);
  if (className) made.className = className;
  made.append(...parts.filter((part) => part !== null && part !== undefined));
  return made;
}

/** 10:21, in the phone's own time. */
export function clock(at) {
  const date = new Date(at);
  return `${String(date.getHours()).padStart(2, "0")}:${String(date.getMinutes()).padStart(2, "0")}`;
}
