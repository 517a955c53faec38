// Looks every two seconds whether the bank has decided, and shows it without a reload.
const outcome = document.querySelector("[data-status-url]");

async function look() {
  let status = "pending";
  try {
    const response = await fetch(outcome.dataset.statusUrl, { cache: "no-store" });
    if (response.ok) ({ status } = await response.json());
  } catch {
    // Offline for a moment: the next look may succeed.
  }
  if (status === "pending") {
    setTimeout(look, 2000);
    return;
  }
  outcome.textContent = outcome.dataset[status];
  outcome.classList.toggle("good", status === "paid");
  document.querySelector(".again").hidden = true;
}

if (outcome) setTimeout(look, 2000);
