/** What a model writes in Markdown, roughly as the gateway turns it into WhatsApp's formatting when it is sent. */
export function fromMarkdown(text: string): string {
  return text
    .replace(/^#{1,6} +(.+?) *#*$/gm, '*$1*')
    .replace(/\*\*([^*\n]+)\*\*/g, '*$1*')
    .replace(/~~([^~\n]+)~~/g, '~$1~')
    .replace(/\[([^\]\n]+)\]\((https?:[^)\s]+)\)/g, '$1 ($2)');
}
