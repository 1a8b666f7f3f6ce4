// Keys go to the terminal from the beginning, and to "Start again" once its session has ended.
window.addEventListener("load", () => {
  document.querySelector(".xterm-helper-textarea").focus();
  new MutationObserver(() => {
    if (document.body.classList.contains("-closed")) document.querySelector(".ended a").focus();
  }).observe(document.body, { attributeFilter: ["class"] });
});
