import { locale } from './i18n';

// uPlot asks for number formats in `navigator.language` as it loads, and fails where that is no language: WebKitGTK says
// "C" under LANG=C.
try {
  Intl.getCanonicalLocales(navigator.language);
} catch {
  Object.defineProperty(navigator, 'language', { value: locale, configurable: true });
}
