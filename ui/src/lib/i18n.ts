import { FluentBundle, FluentResource, type FluentVariable } from '@fluent/bundle';
import de from '../../../locales/de.ftl?raw';
import en from '../../../locales/en.ftl?raw';

const TEXTS = { en, de };

/** The first of the person's languages that there is, with its conventions for dates and numbers. */
export const locale = chosen(navigator.languages ?? [navigator.language]);
const language = locale.startsWith('de') ? 'de' : 'en';
const bundle = new FluentBundle(locale, { useIsolating: false });
bundle.addResource(new FluentResource(TEXTS[language]));
document.documentElement.lang = language;

/** The text with this id, with its arguments filled in. */
export function t(id: string, args?: Record<string, FluentVariable>): string {
  const message = bundle.getMessage(id);
  return message?.value ? bundle.formatPattern(message.value, args ?? null, []) : id;
}

function chosen(wanted: readonly string[]): string {
  return wanted.find((tag) => /^(en|de)\b/.test(tag)) ?? 'en';
}
