// A finger that moves up or down turns the wheel over what it began on, which terminals tell of; taps are clicks
// already.
window.addEventListener("load", () => {
  const screen = document.querySelector(".textual-terminal");
  let from = null;
  const row = () => screen.querySelector(".xterm-screen").clientHeight / 40;
  const turn = (down, touch) => document.querySelector(".xterm").dispatchEvent(new WheelEvent("wheel", {
    deltaY: down ? 1 : -1, deltaMode: WheelEvent.DOM_DELTA_LINE, clientX: touch.clientX, clientY: from.began,
    bubbles: true, cancelable: true,
  }));
  screen.addEventListener("touchstart", (event) => {
    from = event.touches.length === 1 ? { began: event.touches[0].clientY, y: event.touches[0].clientY } : null;
  }, { passive: true });
  screen.addEventListener("touchmove", (event) => {
    if (from === null) return;
    event.preventDefault();
    const touch = event.touches[0];
    for (const step = row(); Math.abs(touch.clientY - from.y) >= step;) {
      const down = touch.clientY < from.y;
      turn(down, touch);
      from.y += down ? -step : step;
    }
  }, { passive: false });
});
