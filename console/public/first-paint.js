// Runs before anything is drawn, so that nothing flashes.
(function () {
  var chosen = localStorage.getItem('mantine-color-scheme-value') || 'auto';
  var dark = chosen === 'dark' || (chosen === 'auto' && matchMedia('(prefers-color-scheme: dark)').matches);
  var root = document.documentElement;
  root.setAttribute('data-mantine-color-scheme', dark ? 'dark' : 'light');
  var language = localStorage.getItem('switchboard-language') || navigator.language.slice(0, 2);
  if (['en', 'es', 'pt', 'ar'].indexOf(language) < 0) language = 'en';
  root.lang = language;
  root.dir = language === 'ar' ? 'rtl' : 'ltr';
})();
