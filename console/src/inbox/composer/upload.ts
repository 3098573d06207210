import { ApiFailure, changeHeaders, type Schemas } from '~/api/client';

/** Uploads a file to be sent, and tells how far it is: from 0 to 1. */
export function upload(file: File, told: (progress: number) => void, signal: AbortSignal): Promise<Schemas['Media']> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open('POST', '/api/v1/media');
    for (const [name, value] of Object.entries(changeHeaders())) request.setRequestHeader(name, value);
    request.responseType = 'json';
    request.upload.addEventListener('progress', ({ loaded, total }) => told(total > 0 ? loaded / total : 0));
    request.addEventListener('load', () => {
      if (request.status === 201) resolve(request.response as Schemas['Media']);
      else reject(new ApiFailure((request.response ?? {}) as object, request.status));
    });
    request.addEventListener('error', () => reject(new TypeError('the connection broke')));
    request.addEventListener('abort', () => reject(new DOMException('removed', 'AbortError')));
    signal.addEventListener('abort', () => request.abort());
    const form = new FormData();
    form.append('file', file, file.name);
    request.send(form);
  });
}
