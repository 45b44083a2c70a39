// Sliders beside the number fields of /reforms, and the result drawn again as they move.  The
// server draws it: what comes back is the same page, of which the result is taken.  Without this
// the form is sent by its button.
const form = document.querySelector('form[data-reform]');
let waiting, asked;

function address() {
  const query = new URLSearchParams(new FormData(form));
  return `${form.getAttribute('action')}?${query}`;
}

async function ask() {
  asked?.abort();
  asked = new AbortController();
  const result = document.getElementById('result'), to = address();
  result.setAttribute('aria-busy', 'true');
  try {
    const answer = await fetch(to, { signal: asked.signal, credentials: 'same-origin' });
    const page = new DOMParser().parseFromString(await answer.text(), 'text/html');
    const fresh = page.getElementById('result');
    if (!fresh) {
      location.assign(to); // logged out, or the system failed: the page says so itself
      return;
    }
    const open = new Set([...result.querySelectorAll('details[open]')].map((d) => d.id));
    const closed = new Set([...result.querySelectorAll('details:not([open])')].map((d) => d.id));
    for (const d of fresh.querySelectorAll('details')) d.open = open.has(d.id) || (d.open && !closed.has(d.id));
    result.replaceWith(document.adoptNode(fresh));
    history.replaceState(null, '', to);
    askAgain();
  } catch (fault) {
    if (fault.name !== 'AbortError') result.removeAttribute('aria-busy');
  }
}

// The county is read in the background the first time on a day.
function askAgain() {
  if (document.querySelector('#result [data-waiting]')) waiting = setTimeout(ask, 1000);
}

function soon() {
  clearTimeout(waiting);
  waiting = setTimeout(ask, 150);
}

function addSlider(field) {
  const slider = document.createElement('input');
  slider.type = 'range';
  slider.className = 'reform-field__slider';
  slider.min = '0';
  slider.max = field.dataset.most;
  slider.step = field.dataset.step;
  slider.value = field.value || '0';
  slider.setAttribute('aria-labelledby', `${field.id}-label`);
  slider.addEventListener('input', () => { field.value = slider.value; soon(); });
  field.addEventListener('input', () => { slider.value = field.value || '0'; });
  field.closest('.reform-field').querySelector('.reform-field__value').before(slider);
}

if (form) {
  form.querySelectorAll('input[data-most]').forEach(addSlider);
  form.addEventListener('input', (event) => { if (event.target.name) soon(); });
  askAgain();
}
