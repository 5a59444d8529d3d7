// Says "3 hours ago" for times of the last twelve hours: <time datetime="…" data-relative>; the date stays as its title.
const format = new Intl.RelativeTimeFormat(document.documentElement.lang || "en", { numeric: "auto" });
for (const time of document.querySelectorAll("time[data-relative]")) {
  const minutes = Math.round((Date.parse(time.dateTime) - Date.now()) / 60000);
  if (!(minutes > -720 && minutes <= 0)) continue;
  time.title = time.textContent;
  time.textContent = minutes > -60 ? format.format(minutes, "minute") : format.format(Math.round(minutes / 60), "hour");
}
