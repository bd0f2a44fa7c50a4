// Photographs: made smaller on the phone where it can, shown as a small picture, and queued each by itself.
import { enqueue, entryOf, flush, forget } from "./queue.js";
import { uuid } from "./store.js";
import { drawn, element, word } from "./words.js";

/** The longer side of what is sent, and of the small picture, in pixels. */
const SIDE = 1600;
const SMALL = 184;
const QUALITY = 0.82;

async function picture(file) {
  if (window.createImageBitmap) {
    try {
      return await createImageBitmap(file, { imageOrientation: "from-image" });
    } catch (error) {
      // A kind that this browser cannot draw is sent as it is.
    }
  }
  return null;
}

function drawnAt(image, side) {
  const scale = Math.min(1, side / Math.max(image.width, image.height));
  const canvas = document.createElement("canvas");
  canvas.width = Math.max(1, Math.round(image.width * scale));
  canvas.height = Math.max(1, Math.round(image.height * scale));
  canvas.getContext("2d").drawImage(image, 0, 0, canvas.width, canvas.height);
  return canvas;
}

/** The file as it is sent, and its small picture. Drawing it anew also leaves behind where and with what it was taken. */
async function prepared(file) {
  const image = await picture(file);
  if (!image) return { blob: file, small: "" };
  const canvas = drawnAt(image, SIDE);
  const blob = await new Promise((resolve) => canvas.toBlob(resolve, "image/jpeg", QUALITY));
  const small = drawnAt(image, SMALL).toDataURL("image/jpeg", 0.7);
  if (image.close) image.close();
  return { blob: blob || file, small };
}

function tile(field, id, small) {
  const shown = element("figure", "got");
  if (small) {
    const image = element("img");
    image.src = small;
    image.alt = word("photo");
    shown.append(image);
  } else shown.append(drawn("photo"));
  const name = element("input");
  name.type = "hidden";
  name.name = field;
  name.value = `command:${id}`;
  const state = element("figcaption", "", word("photoWaiting"));
  const away = element("button", "away", drawn("x"));
  away.type = "button";
  away.setAttribute("aria-label", word("photoRemove"));
  away.addEventListener("click", () => {
    shown.remove();
    forget(id);
    document.dispatchEvent(new CustomEvent("phone:changed"));
  });
  shown.append(name, state, away);
  return shown;
}

async function told(shown, id) {
  const entry = await entryOf(id);
  if (!entry) return;
  const state = shown.querySelector("figcaption");
  if (entry.state === "done") {
    state.textContent = word("photoDone");
    shown.querySelector("input").value = entry.said.attachment;
    document.dispatchEvent(new CustomEvent("phone:changed"));
  } else if (entry.state === "refused") {
    state.textContent = entry.said.title || word("stateRefused");
    shown.classList.add("faulty");
  }
}

export function startPhotos(form) {
  for (const place of form.querySelectorAll("[data-photos]")) {
    const most = Number(place.dataset.most);
    const count = () => place.querySelectorAll(".got:not(.faulty)").length;
    for (const away of place.querySelectorAll(".got .away")) {
      away.addEventListener("click", () => {
        away.closest(".got").remove();
        document.dispatchEvent(new CustomEvent("phone:changed"));
      });
    }
    for (const input of place.querySelectorAll("input[type=file]")) {
      input.addEventListener("change", async () => {
        const files = Array.from(input.files).slice(0, Math.max(0, most - count()));
        input.value = "";
        for (const file of files) {
          const { blob, small } = await prepared(file);
          const id = uuid();
          const shown = tile(place.dataset.photos, id, small);
          place.insertBefore(shown, place.querySelector("label"));
          document.dispatchEvent(new CustomEvent("phone:changed"));
          const entry = { id, kind: "photo", path: place.dataset.upload, matter: form.dataset.matter, page: form.dataset.page, label: word("photo") };
          const fields = { command: id, matter: form.dataset.matter, device_time: String(Date.now()) };
          await enqueue(entry, { fields, blob });
          flush(entry).then(() => told(shown, id));
        }
      });
    }
  }
}
