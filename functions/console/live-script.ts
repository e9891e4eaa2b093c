/**
 * The one script of the live rollout: changes are patched in place, so that focus and scroll position stay. * When
 * nothing moves any more the page is reloaded once, because its buttons change.
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
