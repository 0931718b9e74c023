// The stopwatch of one task. Times are measured here and nowhere else; each press is sent at once
// and kept on the device until the store has it.

const LIFE = letters(); // one for each life of the page
const RETRY = 3000; // milliseconds between two tries to send what was not heard
const instances = new WeakMap();

function letters() {
  const bytes = crypto.getRandomValues(new Uint8Array(24));
  return Array.from(bytes, (byte) => "abcdefghijklmnopqrstuvwxyz"[byte % 26]).join("");
}

const memory = new Map(); // for a browser that keeps nothing: as long as the page lives

function read(place) {
  try {
    const kept = JSON.parse(localStorage.getItem(place));
    if (kept?.length) return kept;
  } catch {
    // what is no list was not written here
  }
  return memory.get(place) ?? [];
}

function write(place, presses) {
  memory.set(place, presses);
  try {
    if (presses.length) localStorage.setItem(place, JSON.stringify(presses));
    else localStorage.removeItem(place);
  } catch {
    // refused, or full: the memory has it
  }
}

// Presses that the store has, and after them those of the same task that wait to be sent.
function merged(data, waiting) {
  const timing = data.timing?.id ?? waiting.find((one) => one.kind === "start")?.timing;
  const heard = data.timing?.presses ?? [];
  const known = new Set(heard.map((one) => one.id));
  const more = waiting.filter((one) => one.timing === timing && !known.has(one.id));
  return { timing, presses: [...heard, ...more] };
}

function stateOf(presses) {
  const last = presses.at(-1)?.kind;
  return { start: "running", resume: "running", pause: "paused", stop: "stopped" }[last] ?? "idle";
}

function between(one, other) {
  return one.life === other.life ? other.monotonic - one.monotonic : other.clock - one.clock;
}

function milliseconds(presses) {
  const now = { life: LIFE, monotonic: performance.now(), clock: Date.now() };
  return presses.reduce((sum, one, at) => {
    if (one.kind !== "start" && one.kind !== "resume") return sum;
    return sum + Math.max(0, between(one, presses[at + 1] ?? now));
  }, 0);
}

function shown(span) {
  const whole = Math.floor(span / 1000);
  const two = (number) => String(number).padStart(2, "0");
  const hours = Math.floor(whole / 3600);
  const rest = `${two(Math.floor(whole / 60) % 60)}:${two(whole % 60)}`;
  return hours ? `${hours}:${rest}` : rest;
}

function button(kind, word, primary) {
  const made = document.createElement("button");
  made.type = "button";
  made.dataset.kind = kind;
  made.className = primary ? "primary" : "";
  made.textContent = word;
  return made;
}

const BUTTONS = {
  idle: [["start", true]],
  running: [["pause", false], ["stop", true]],
  paused: [["resume", true], ["stop", false]],
  stopped: [],
};

class Stopwatch {
  constructor(parent) {
    this.box = document.createElement("div");
    this.box.className = "stopwatch";
    this.box.innerHTML =
      '<p class="state"><span class="dot"></span><span class="word"></span></p>' +
      '<p class="clock" role="timer" aria-live="off"></p><p class="unit"></p>' +
      '<div class="buttons"></div><p class="told" role="status"></p>';
    parent.appendChild(this.box);
    this.box.querySelector(".buttons").addEventListener("click", (event) => {
      const kind = event.target.closest("button")?.dataset.kind;
      if (kind) this.press(kind);
    });
    this.tick = setInterval(() => this.draw(), 250);
    this.retry = setInterval(() => this.send(), RETRY);
    this.tries = 0;
  }

  end() {
    clearInterval(this.tick);
    clearInterval(this.retry);
    this.box.remove();
  }

  update(component) {
    this.component = component;
    this.data = component.data;
    // one place for each person: on a shared device the next is not shown, nor stops, another's task
    this.place = `htkeval:${this.data.trial}:${this.data.whose}`;
    const heard = new Set(this.data.heard);
    const waiting = read(this.place).filter((one) => !heard.has(one.id));
    write(this.place, waiting);
    this.draw();
    if (waiting.some((one) => !this.sent?.has(one.id))) this.send();
  }

  waiting() {
    return read(this.place);
  }

  press(kind) {
    const now = { life: LIFE, monotonic: performance.now(), clock: Date.now() };
    const { timing, presses } = merged(this.data, this.waiting());
    if (!BUTTONS[stateOf(presses)].some(([one]) => one === kind)) return;
    const own = kind === "start" ? letters() : timing;
    const one = { id: letters(), timing: own, kind, ...now, task: this.data.task };
    write(this.place, [...this.waiting(), one]);
    this.draw();
    this.send();
  }

  send() {
    const waiting = this.waiting();
    if (!waiting.length) return;
    this.tries += 1;
    this.sent = new Set(waiting.map((one) => one.id));
    this.component.setStateValue("presses", { tries: this.tries, list: waiting });
  }

  draw() {
    const { words, saved } = this.data;
    const waiting = this.waiting();
    const { presses } = merged(this.data, waiting);
    const state = stateOf(presses);
    const find = (name) => this.box.querySelector(name);
    this.box.dataset.state = state;
    const put = (name, text) => {
      if (find(name).textContent !== text) find(name).textContent = text;
    };
    put(".word", words[state]);
    put(".clock", shown(milliseconds(presses)));
    put(".unit", state === "idle" ? words.unit : `${words.unit} · ${this.data.started ?? ""}`);
    const first = waiting[0];
    const late = first && Date.now() - first.clock > RETRY;
    put(".told", first ? (late ? words.waiting : words.saving) : (saved ?? ""));
    find(".told").dataset.kind = first ? (late ? "late" : "saving") : "saved";
    const buttons = find(".buttons");
    if (buttons.dataset.state !== state + words.start) {
      buttons.dataset.state = state + words.start;
      buttons.replaceChildren(...BUTTONS[state].map(([kind, main]) => button(kind, words[kind], main)));
    }
  }
}

export default function (component) {
  const parent = component.parentElement;
  let one = instances.get(parent);
  if (!one) {
    one = new Stopwatch(parent);
    instances.set(parent, one);
  }
  one.update(component);
  return () => {
    one.end();
    instances.delete(parent);
  };
}
