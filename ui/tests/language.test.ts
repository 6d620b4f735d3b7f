import { expect, it, vi } from 'vitest';

const told = (languages: string[]) => {
  vi.resetModules();
  vi.spyOn(navigator, 'languages', 'get').mockReturnValue(languages);
  vi.spyOn(navigator, 'language', 'get').mockReturnValue(languages[0] ?? '');
};

it.each([
  [['de-AT', 'en'], 'Immer noch Sie.', 'de-AT'],
  [['fr-FR', 'de'], 'Immer noch Sie.', 'de'],
  [['fr-FR'], 'Still you.', 'en'],
  [['C'], 'Still you.', 'en'],
])('speaks the first of the person’s languages that there is: %s', async (languages, words, tag) => {
  told(languages);
  const { t, locale } = await import('../src/lib/i18n');
  expect(t('state-verified')).toBe(words);
  expect(locale).toBe(tag);
});

it('agrees plurals and numbers with the language', async () => {
  told(['de-DE']);
  const { t } = await import('../src/lib/i18n');
  const { inBytes, inDuration, inScore } = await import('../src/lib/format');
  expect(t('confirm-left', { seconds: 1 })).toBe('Noch eine Sekunde');
  expect(t('history-holds', { entries: 12_840 })).toBe('12.840 Einträge, lückenlos.');
  expect(inScore(99.98)).toBe('99,9');
  expect(inDuration(3 * 3_600_000 + 300_000)).toBe('3 Std. 5 Min.');
  expect(inBytes(1_482_752)).toBe('1,5 MB');
});
