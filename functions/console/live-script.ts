/**
 * The one script of the live rollout: what moved is put in place, so that focus and scroll stay where the reader has them.
 *
 * When nothing moves any more the page is loaded once more, for its buttons are others then.
 */

export const liveScript = (everySeconds: number) => `
const look=async()=>{
  if(document.hidden)return;
  const answer=await fetch(location.href);
  if(!answer.ok)return;
  const next=new DOMParser().parseFromString(await answer.text(),'text/html').getElementById('live');
  if(!next)return location.reload();
  const live=document.getElementById('live');
  if(next.innerHTML!==live.innerHTML)live.innerHTML=next.innerHTML;
};
setInterval(()=>look().catch(()=>{}),${everySeconds * 1000});`
