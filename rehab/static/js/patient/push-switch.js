/**
 * Turns notifications on this phone on, and sends the subscription to the server.
 * @param {HTMLElement} element the paragraph that becomes a button
 */
export async function connect(element) {
  if (!("serviceWorker" in navigator) || !("PushManager" in window) || Notification.permission === "denied") return;
  const registration = await navigator.serviceWorker.ready;
  const existing = await registration.pushManager.getSubscription();
  const button = document.createElement("button");
  button.type = "button";
  button.className = "button button--secondary";
  button.textContent = existing ? "Notifications are on for this phone" : "Turn on notifications on this phone";
  button.disabled = Boolean(existing);
  element.replaceChildren(button);
  element.hidden = false;
  if (existing) await tell(existing);
  button.addEventListener("click", async () => {
    try {
      const answer = await fetch("/api/v1/push-key");
      const { key } = await answer.json();
      const subscription = await registration.pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: bytes(key) });
      await tell(subscription);
      button.textContent = "Notifications are on for this phone";
      button.disabled = true;
    } catch {
      button.textContent = "That did not work. Your phone may block notifications.";
    }
  });
}

/** @param {PushSubscription} subscription */
async function tell(subscription) {
  await fetch("/api/v1/push-subscriptions", {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify(subscription.toJSON()),
  });
}

/** @param {string} text base64url */
function bytes(text) {
  const padded = text.replaceAll("-", "+").replaceAll("_", "/").padEnd(Math.ceil(text.length / 4) * 4, "=");
  return Uint8Array.from(atob(padded), (character) => character.charCodeAt(0));
}
