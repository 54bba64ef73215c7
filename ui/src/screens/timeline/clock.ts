// Milliseconds in, texts of a clock out.

/** Since the beginning: `01:02:03.456`, without hours when there are none. */
export function elapsedText(milliseconds: number): string {
  const whole = Math.max(0, Math.floor(milliseconds));
  const two = (value: number): string => String(value).padStart(2, '0');
  const [hours, minutes, seconds] = [
    Math.floor(whole / 3_600_000),
    Math.floor(whole / 60_000) % 60,
    Math.floor(whole / 1000) % 60,
  ];
  const rest = `${two(minutes)}:${two(seconds)}.${String(whole % 1000).padStart(3, '0')}`;
  return hours === 0 ? rest : `${hours}:${rest}`;
}
