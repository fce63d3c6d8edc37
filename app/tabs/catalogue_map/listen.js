// Tells the server which point is pointed at, a moment after the pointer came to rest. The figure is drawn anew now and
// then, with a new `on`, so it is looked for again and again.
let heard = null, last = null, timer = null;
const tell = (event) => {
  const position = event.points.find((point) => point.customdata !== undefined)?.customdata;
  if (position === undefined || position === last) return;
  clearTimeout(timer);
  timer = setTimeout(() => { last = position; trigger('select', { position }); }, 90);
};
setInterval(() => {
  const plot = document.querySelector('#map-figure .js-plotly-plot');
  if (!plot || !plot.on || plot.on === heard) return;
  heard = plot.on;
  plot.on('plotly_hover', tell);
  plot.on('plotly_click', tell);
}, 400);
