import type { PolicyField } from './bindings/PolicyField';
import type { PolicySection } from './bindings/PolicySection';

export const differs = (field: PolicyField) => field.value !== field.default;

/** The sections with the rules in which every word of `wanted` stands; sections left empty are left out. */
export function found(sections: PolicySection[], wanted: string, onlyChanged: boolean): PolicySection[] {
  const words = wanted.toLowerCase().split(/\s+/).filter(Boolean);
  const fits = (section: PolicySection) => (field: PolicyField) => {
    const text = `${section.name} ${field.name} ${field.meaning} ${field.value} ${field.unit}`.toLowerCase();
    return (!onlyChanged || differs(field)) && words.every((word) => text.includes(word));
  };
  return sections
    .map((section) => ({ ...section, fields: section.fields.filter(fits(section)) }))
    .filter((section) => section.fields.length > 0);
}

/** For how many minutes a person may go on without an approver; null where policy has no such way. */
export function glassMinutes(sections: PolicySection[]): number | null {
  const value = (section: string, field: string) =>
    sections.find((one) => one.name === section)?.fields.find((one) => one.name === field)?.value;
  const minutes = Number(value('governance.emergency', 'longest_minutes'));
  return value('governance', 'emergency_allowed') === 'true' && minutes > 0 ? minutes : null;
}
