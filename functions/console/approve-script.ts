/**
 * The one script of the approval page: reads the secret from the fragment, removes it from the address, posts it in bodies.
 *
 * Another link opened in the same tab changes the fragment alone and loads nothing, so the page loads itself again then.
 */

export const approveScript = `
const byId=(id)=>document.getElementById(id);
const say=(text,isBad)=>{const box=byId('answer');box.textContent=text;box.className=isBad?'answer bad':'answer';box.hidden=!text;if(text)box.focus()};
const places=['','#main','#vote'];
const [linkId='',secret='']=places.includes(location.hash)?[]:location.hash.slice(1).split('.');
history.replaceState(null,'',location.pathname);
addEventListener('hashchange',()=>{if(!places.includes(location.hash))location.reload()});
const post=async(path,body)=>{
  const answer=await fetch(path,{method:'POST',headers:{'content-type':'application/json',accept:'application/json'},body:JSON.stringify({linkId,secret,...body})});
  return {status:answer.status,isOk:answer.ok,...await answer.json()};
};
const failed=()=>say('The console did not answer. Check your connection and open the link in your mail again; a vote counts once however often it is sent.',true);
const vote=async(form,choice,nonce)=>{
  const buttons=[...form.querySelectorAll('button')],data=new FormData(form);
  for(const button of buttons)button.disabled=true;
  say('Sending your vote…');
  try{
    const told=await post('/approve/decide',{code:data.get('code')??'',comment:data.get('comment')??'',choice,nonce});
    say(told.text,!told.isOk);
    if(told.status===401){for(const button of buttons)button.disabled=false;const code=form.elements.code;if(code){code.value='';code.focus()}}
    else{form.hidden=true;if(told.isOk)await draw().catch(()=>{})}
  }catch{for(const button of buttons)button.disabled=false;failed()}
};
const draw=async()=>{
  const shown=await post('/approve/view',{});
  if(shown.isOk)byId('view').innerHTML=shown.html;
  return shown;
};
const show=async()=>{
  if(!linkId)return say('Open this page by the link in your mail.');
  byId('answer').textContent='Reading your link…';byId('answer').hidden=false;
  const shown=await draw();
  if(!shown.isOk)return say(shown.text,true);
  say('');
  const form=byId('vote');
  if(form)form.addEventListener('submit',(event)=>{event.preventDefault();vote(form,event.submitter?.value==='reject'?'reject':event.submitter?.value==='approve'?'approve':'',shown.nonce)});
};
show().catch(failed);`
