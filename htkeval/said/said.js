// Whoever pressed a button that is gone afterwards stands nowhere: the next press of Tab would begin
// at the top of the page. The focus goes to what is said of the press; it is read aloud there.

const PATIENCE = 2000; // milliseconds in which the page is drawn anew
let last = "";

function lost() {
  const at = document.activeElement;
  return !at || at === document.body || !at.isConnected;
}

export default function ({ parentElement, data }) {
  if (data.press === last) return;
  last = data.press;
  const until = performance.now() + PATIENCE;
  const look = () => {
    const place = document.querySelector(`.st-key-${data.place}`);
    if (place && lost()) {
      place.tabIndex = -1; // by us alone; Tab goes on from here to what follows
      place.focus();
    } else if (parentElement.isConnected && performance.now() < until) {
      setTimeout(look, 50);
    }
  };
  look();
}
